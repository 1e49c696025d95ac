/// Settings that several modules read, each for its own purpose, described in the same words.
extension SettingsReader {
  /// The platform's bearer secret.
  package mutating func serviceRoleKey() -> Secret? {
    secret("SERVICE_ROLE_KEY", "SUPABASE_SERVICE_ROLE_KEY", meaning: "bearer secret of the platform, 16 bytes or more")
  }

  /// The bearer secret of callers that only wake workers.
  package mutating func webhookSecret() -> Secret? {
    secret("WEBHOOK_SECRET", meaning: "bearer secret of programs that wake workers")
  }

  /// The base URL of the handlers; reports a problem if there is none.
  package mutating func handlersURL() -> String {
    begin("Calls between the programs")
    return baseURL(
      "HANDLERS_URL", "SUPABASE_URL", "VITE_SUPABASE_URL", required: "SUPABASE_URL",
      meaning: "base URL under which the handlers are reached") ?? ""
  }
}
