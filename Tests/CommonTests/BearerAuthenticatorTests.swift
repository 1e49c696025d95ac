import Settings
import Testing

@testable import Auth

@Suite struct BearerAuthenticatorTests {
  static let service = "0123456789abcdef-service"
  static let cron = "0123456789abcdef-cron"
  static let status = "0123456789abcdef-status"

  func authenticator() throws -> BearerAuthenticator {
    var reader = SettingsReader(
      Environment(["SERVICE_ROLE_KEY": Self.service, "CRON_SECRET": Self.cron, "STATUS_SECRET": Self.status]))
    let settings = AuthSettings(&reader, accepting: [.service, .cron])
    try reader.finish()
    return BearerAuthenticator(settings)
  }

  @Test(arguments: [
    ("Bearer \(service)", Caller.service), ("bearer \(service)", .service), ("Bearer \(cron)", .cron),
    ("Bearer \(status)", .status),
  ])
  func acceptsWholeSecrets(header: String, caller: Caller) throws {
    #expect(try authenticator().caller(authorization: header) == caller)
  }

  @Test(
    "fault 11: no substring, prefix or extension of a secret is accepted",
    arguments: [
      nil, "", "Bearer", "Bearer ", service, "Bearer 0123", "Bearer \(service)x", "Bearer x\(service)", "Basic \(service)",
    ])
  func refusesAnythingElse(header: String?) throws {
    #expect(try authenticator().caller(authorization: header) == nil)
  }

  @Test("fault 11: with no secret configured the settings refuse") func refusesNoSecret() {
    var reader = SettingsReader(Environment([:]))
    _ = AuthSettings(&reader, accepting: [.service])
    #expect(throws: SettingsError.self) { try reader.finish() }
  }

  @Test("who may only look starts no handler, and no other secret is the same") func refusesAStatusSecretThatActs() {
    for others in [[:], ["CRON_SECRET": Self.status], ["SERVICE_ROLE_KEY": Self.status]] {
      var reader = SettingsReader(Environment(others.merging(["STATUS_SECRET": Self.status]) { $1 }))
      _ = AuthSettings(&reader, accepting: [.service, .cron])
      #expect(throws: SettingsError.self) { try reader.finish() }
    }
  }

  @Test(arguments: ["short", "replace-me-with-openssl-rand-hex-32"])
  func refusesWeakSecrets(secret: String) {
    var reader = SettingsReader(Environment(["SERVICE_ROLE_KEY": secret]))
    _ = AuthSettings(&reader, accepting: [.service])
    #expect(throws: SettingsError.self) { try reader.finish() }
  }

  @Test func secretsAreRedacted() {
    #expect("\(Secret("hidden")) \(String(reflecting: Secret("hidden")))".contains("hidden") == false)
  }
}
