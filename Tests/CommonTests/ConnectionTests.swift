import CLibPQ
import Deadlines
import Foundation
import Glibc
import Settings
import Testing

@testable import DatabaseClient

@Suite struct ConnectionTests {
  /// A server that lets one client in and reads nothing of what comes then, as a process of PostgreSQL's that has been stopped.
  private final class StoppedServer: Sendable {
    let folder = FileManager.default.temporaryDirectory.appending(path: "stopped-\(UUID().uuidString)").path
    /// 0 for a server in a folder.
    let port: UInt16
    private let listener: Int32

    /// - Parameter port: 0 for any.
    init(address: String, port: UInt16 = 0) throws {
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      self.listener = listener
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      try #require(inet_pton(AF_INET, address, &name.sin_addr) == 1)
      var length = socklen_t(MemoryLayout<sockaddr_in>.size)
      let bound = withUnsafeMutablePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
        }
      }
      self.port = UInt16(bigEndian: name.sin_port)
      try #require(bound && listen(listener, 1) == 0)
    }

    init() throws {
      port = 0
      listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var name = sockaddr_un(sun_family: sa_family_t(AF_UNIX), sun_path: sockaddr_un().sun_path)
      withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array("\(folder)/.s.PGSQL.5432".utf8)) }
      let bound = withUnsafePointer(to: &name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      try #require(bound == 0 && listen(listener, 1) == 0)
    }

    deinit {
      close(listener)
      try? FileManager.default.removeItem(atPath: folder)
    }

    /// Blocks until a client has come. It stays connected until the process ends, or until its first statement has this answer.
    func letIn(answering answer: [UInt8]? = nil) {
      let client = accept(listener, nil, nil)
      var startup = [UInt8](repeating: 0, count: 1024)
      _ = read(client, &startup, startup.count)
      // AuthenticationOk and ReadyForQuery (PostgreSQL's manual, 55.7).
      let welcome: [UInt8] = [0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]
      _ = write(client, welcome, welcome.count)
      guard let answer else { return }
      _ = read(client, &startup, startup.count)
      _ = write(client, answer, answer.count)
      close(client)
    }
  }

  @Test func whatTheEnvironmentSaysIsLeftToLibpq() {
    let given = Environment(["PGCONNECT_TIMEOUT": "20", "PGTARGETSESSIONATTRS": "any"])
    let keywords = ["connect_timeout", "target_session_attrs"]
    #expect(!Connection.defaults(beside: given).contains { keywords.contains($0.0) })
    #expect(Connection.defaults(beside: Environment([:])).filter { keywords.contains($0.0) }.map(\.1) == ["3", "any"])
  }

  /// The kernel takes connections for a process that has been stopped; nobody answers on them.
  @Test func aServerThatSaysNothingIsPassedOver() throws {
    let (silent, working) = (try StoppedServer(), try StoppedServer())
    Thread.detachNewThread { working.letIn() }
    let settings = DatabaseSettings(
      connection: Secret("host=\(silent.folder),\(working.folder) user=u dbname=d target_session_attrs=any connect_timeout=1"),
      timeoutSeconds: 10)
    let hasAlternatives = try Connection(settings, deadline: .after(seconds: 10)).hasAlternatives
    #expect(hasAlternatives)
  }

  private static let shuffled = "load_balance_hosts=random"

  /// libpq 16 and later try the servers in any order, and do not tell it: each of the tries may begin with the silent one, wherever it is.
  @Test(.enabled(if: LibPQ.parse(Secret(shuffled)) != nil), arguments: 0..<8)
  func aServerThatSaysNothingIsPassedOverInAnyOrder(_: Int) throws {
    let (silent, working) = (try StoppedServer(), try StoppedServer())
    Thread.detachNewThread { working.letIn() }
    let settings = DatabaseSettings(
      connection: Secret(
        "host=\(working.folder),\(silent.folder) user=u dbname=d target_session_attrs=any connect_timeout=1 \(Self.shuffled)"),
      timeoutSeconds: 10)
    _ = try Connection(settings, deadline: .after(seconds: 10))
  }

  @Test(.enabled(if: LibPQ.parse(Secret(shuffled)) != nil), arguments: 0..<8)
  func anAddressThatSaysNothingIsPassedOverInAnyOrder(_: Int) throws {
    let silent = try StoppedServer(address: "127.0.0.1")
    let working = try StoppedServer(address: "127.0.0.2", port: silent.port)
    Thread.detachNewThread { working.letIn() }
    let settings = DatabaseSettings(
      connection: Secret("\(Self.local(silent.port).exposed) \(Self.shuffled)"), timeoutSeconds: 10)
    _ = try Connection(settings, deadline: .after(seconds: 10)) { _ in ["127.0.0.2", "127.0.0.1"] }
  }

  private static func local(_ port: UInt16) -> Secret {
    Secret(
      "host=localhost port=\(port) user=u dbname=d target_session_attrs=any connect_timeout=1 sslmode=disable gssencmode=disable"
    )
  }

  /// As the one before, of two addresses of one name.
  @Test func anAddressThatSaysNothingIsPassedOver() throws {
    let silent = try StoppedServer(address: "127.0.0.1")
    let working = try StoppedServer(address: "127.0.0.2", port: silent.port)
    Thread.detachNewThread { working.letIn() }
    let settings = DatabaseSettings(connection: Self.local(silent.port), timeoutSeconds: 10)
    let hasAlternatives = try Connection(settings, deadline: .after(seconds: 10)) { name in
      name == "localhost" ? ["::1", "127.0.0.1", "127.0.0.2"] : []
    }.hasAlternatives
    // It is one server by name.
    #expect(!hasAlternatives)
  }

  @Test func aNameWithOneAddressMayTakeAllTheTime() throws {
    let server = try StoppedServer(address: "127.0.0.1")
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 2)
      server.letIn()
    }
    let settings = DatabaseSettings(connection: Self.local(server.port), timeoutSeconds: 10)
    _ = try Connection(settings, deadline: .after(seconds: 10)) { _ in ["127.0.0.1"] }
  }

  @Test func addressesAreThoseOfTheName() {
    #expect(HostAddresses.of("127.0.0.1") == ["127.0.0.1"])
    #expect(HostAddresses.of("localhost").contains { ["127.0.0.1", "::1"].contains($0) })
    // No name server is asked for a label of this length.
    #expect(HostAddresses.of(String(repeating: "x", count: 300)).isEmpty)
  }

  /// libpq takes an empty parameter for none, and the list of before does not fit then.
  @Test(arguments: [
    "postgresql://127.0.0.1,127.0.0.2/x", "postgresql://127.0.0.1:1,127.0.0.2/x", "host=127.0.0.1,127.0.0.2 port=1,2",
    "host=127.0.0.1,127.0.0.2 hostaddr=127.0.0.1,", "hostaddr=127.0.0.1,127.0.0.2",
    "host=127.0.0.1,127.0.0.2,127.0.0.3 port=1,,",
  ])
  func whatIsBehindAServerIsAList(list: String) throws {
    let first = try #require(LibPQ.connectStart([("dbname", list)]))
    defer { PQfinish(first) }
    let others = ServerList(of: first, resolving: { [$0] }).parameters(behind: ServerList.Place(server: 0, address: ""))
    let second = try #require(LibPQ.connectStart([("dbname", list)] + others))
    defer { PQfinish(second) }
    #expect(!String(cString: PQerrorMessage(second)).contains("could not match"), "\(others)")
    #expect(ServerList(of: second, resolving: { [$0] }).count == max(others[0].1.split(separator: ",").count, 1))
  }

  @Test func theLastServerMayTakeAllTheTime() throws {
    let server = try StoppedServer()
    Thread.detachNewThread {
      Thread.sleep(forTimeInterval: 3.5)
      server.letIn()
    }
    let settings = DatabaseSettings(
      connection: Secret("host=\(server.folder) user=u dbname=d target_session_attrs=any"), timeoutSeconds: 10)
    let hasAlternatives = try Connection(settings, deadline: .after(seconds: 10)).hasAlternatives
    #expect(!hasAlternatives)
  }

  @Test func aStatementThatIsNotReadHasItsDeadline() throws {
    let server = try StoppedServer()
    let settings = DatabaseSettings(
      connection: Secret("host=\(server.folder) port=5432 user=u dbname=d target_session_attrs=any"), timeoutSeconds: 10)
    Thread.detachNewThread { server.letIn() }
    let connection = try Connection(settings, deadline: .after(seconds: 60))
    let long = String(repeating: "x", count: 32 << 20)
    #expect {
      try connection.run("SELECT \(long)", deadline: .after(seconds: 1))
    } throws: {
      ($0 as? DatabaseError)?.kind == .timedOut
    }
  }

  /// ErrorResponse and ReadyForQuery.
  private static func refusal(_ code: String) -> [UInt8] {
    let fields = Array("SERROR\0C\(code)\0Mno\0\0".utf8)
    return [0x45, 0, 0, 0, UInt8(fields.count + 4)] + fields + [0x5a, 0, 0, 0, 5, 0x49]
  }

  @Test(
    "what is known of a statement: the server says that it did nothing, or is gone without a word",
    arguments: [
      (refusal("40001"), DatabaseError.Kind.refused, "40001", false), (refusal("25006"), .refused, "25006", true),
      ([], .broken, nil, true),
    ] as [([UInt8], DatabaseError.Kind, String?, Bool)])
  func whatBecameOfAStatement(answer: [UInt8], kind: DatabaseError.Kind, code: String?, endsConnection: Bool) throws {
    let server = try StoppedServer()
    Thread.detachNewThread { server.letIn(answering: answer) }
    let settings = DatabaseSettings(
      connection: Secret("host=\(server.folder) port=5432 user=u dbname=d target_session_attrs=any"), timeoutSeconds: 10)
    let connection = try Connection(settings, deadline: .after(seconds: 60))
    do {
      _ = try connection.run("SELECT 1", deadline: .after(seconds: 60))
      Issue.record("it has no result")
    } catch {
      #expect(error.kind == kind)
      #expect(error.sqlState?.rawValue == code)
      #expect(error.endsConnection == endsConnection)
      #expect(error.sqlState?.isTransient == (code.map { $0 == "40001" }))
    }
  }

  /// Callers get no message of the server's, which may name hosts: of a table that is gone, they learn who says more.
  @Test(arguments: ["42P01", "42883", "3F000", "42501"])
  func whatIsNotSetUpIsSaidByTheCheck(code: String) {
    let error = DatabaseError(kind: .refused, sqlState: SQLState(rawValue: code), detail: "relation of host x")
    #expect(error.description.contains("--check") && !error.description.contains("host x"))
  }
}
