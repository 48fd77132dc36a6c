/** The plugin is not a library. */
export default {};
