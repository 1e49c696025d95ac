// For entries that are types alone.
export {};
