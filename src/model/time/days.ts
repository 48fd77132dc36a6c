/** Days as the plugin counts them: 24 hours each. */

export const dayMilliseconds = 86_400_000;
