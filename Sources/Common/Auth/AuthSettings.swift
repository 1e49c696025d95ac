package import Settings

/// The secrets that callers may present.
package struct AuthSettings: Sendable {
  /// Those that are set. If two callers have the same one, the first counts.
  package let secrets: [(caller: Caller, secret: Secret)]
  /// The platform's own secret.
  package let service: Secret?
  /// The low-privilege one of cron services; nil also if this handler does not know them.
  package let cron: Secret?

  /// - Parameter accepting: the callers that this handler knows, besides those who only look, whom every handler tells what is not allowed. It
  ///   refuses to start without a secret for any of them.
  package init(_ reader: inout SettingsReader, accepting callers: Set<Caller>) {
    reader.begin("Callers; what each secret may: [threat-model.md](threat-model.md)")
    service = reader.serviceRoleKey()
    let previous = reader.secret(
      "SERVICE_ROLE_KEY_PREVIOUS", meaning: "accepted beside `SERVICE_ROLE_KEY` while callers move to a new one")
    cron =
      callers.contains(.cron)
      ? reader.secret("CRON_SECRET", meaning: "bearer secret of cron services, and of people who act on the status page")
      : nil
    let webhook = callers.contains(.webhook) ? reader.webhookSecret() : nil
    let status = reader.secret("STATUS_SECRET", meaning: "bearer secret of people who only look; must differ from the others")
    let known: [(caller: Caller, name: String, secret: Secret?)] = [
      (.service, "SERVICE_ROLE_KEY", service), (.service, "SERVICE_ROLE_KEY_PREVIOUS", previous), (.cron, "CRON_SECRET", cron),
      (.webhook, "WEBHOOK_SECRET", webhook), (.status, "STATUS_SECRET", status),
    ]
    secrets = known.compactMap { caller, _, secret in secret.map { (caller, $0) } }
    for (caller, name, secret) in known where caller.mayAct && secret != nil && secret?.exposed == status?.exposed {
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
