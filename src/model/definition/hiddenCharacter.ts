/**
 * What is not text to anybody who reviews a definition file: controls, other ends of lines, and what takes no room or turns the order of
 * the signs on the screen around; not what joins the parts of an emoji. `sync` refuses a file that has one.
 */
export const hiddenCharacter =
  /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|(?![\u200c\u200d\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/u;
