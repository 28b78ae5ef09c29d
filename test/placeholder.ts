/** Placeholder so that the project compiles before its parts land. */
export {};
