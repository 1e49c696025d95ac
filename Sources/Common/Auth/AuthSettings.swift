package import Settings

/// The secrets that callers may present.
package struct AuthSettings: Sendable {
  /// The platform's own secret.
  package let service: Secret?
  /// Still accepted while callers change to a new key.
  package let previousService: Secret?
  /// Low privilege, for cron services.
  package let cron: Secret?
  /// Low privilege, for the database's own webhooks.
  package let webhook: Secret?
  /// Allows looking and nothing else. It alone is not enough to start a handler. Every handler knows it, so that it can tell such a caller
  /// what is not allowed.
  package let status: Secret?

  /// - Parameter accepting: the callers that this handler knows. It refuses to start without a secret for any of them.
  package init(_ reader: inout SettingsReader, accepting callers: Set<Caller>) {
    reader.begin("Callers; what each secret may: [threat-model.md](threat-model.md)")
    service = reader.serviceRoleKey()
    previousService = reader.secret(
      "SERVICE_ROLE_KEY_PREVIOUS", meaning: "accepted beside `SERVICE_ROLE_KEY` while callers move to a new one")
    cron =
      callers.contains(.cron)
      ? reader.secret(
        "CRON_SECRET", meaning: "bearer secret of cron services, and of people who act on the status page")
      : nil
    webhook = callers.contains(.webhook) ? reader.webhookSecret() : nil
    status = reader.secret(
      "STATUS_SECRET", meaning: "bearer secret of people who only look; must differ from the others")
    for (name, other) in [
      ("SERVICE_ROLE_KEY", service), ("SERVICE_ROLE_KEY_PREVIOUS", previousService), ("CRON_SECRET", cron),
      ("WEBHOOK_SECRET", webhook),
    ] where status != nil && other?.exposed == status?.exposed {
      reader.report("STATUS_SECRET is the same as \(name): whoever is to look only could act; use another one")
    }
    if service == nil && cron == nil && webhook == nil {
      let others = callers.contains(.cron) ? " (or CRON_SECRET)" : ""
      reader.report(
        "SERVICE_ROLE_KEY\(others) is missing: the bearer secret callers must show, "
          + "for example the output of `openssl rand -hex 32`; without one this handler does not start")
    }
  }
}
