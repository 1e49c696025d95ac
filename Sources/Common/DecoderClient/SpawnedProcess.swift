internal import CGlibc
internal import Decoding
internal import Failures
internal import Glibc

/// A process of the decoder's program (posix_spawn(3)). It has an empty environment, the null device, one socket and nothing else.
final class SpawnedProcess {
  let identifier: pid_t
  let socket: MessageSocket
  private var isReaped = false

  init(path: String, arguments: [String], patience: MessageSocket.Patience) throws {
    // Some web servers ignore SIGCHLD, and programs inherit that. Then waitpid(2) would not tell how a process has ended.
    _ = signal(SIGCHLD, SIG_DFL)
    let (own, other) = try Self.pair()
    defer { close(other) }
    do {
      identifier = try Self.spawn(path, arguments, socket: other)
    } catch {
      close(own)
      throw error
    }
    socket = MessageSocket(own, patience: patience)
  }

  deinit {
    _ = end()
  }

  /// Kills it, unless it has exited already, and returns its status; nil the second time.
  @discardableResult func end() -> Int32? {
    guard !isReaped else { return nil }
    isReaped = true
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0 && errno == EINTR {}
    return status
  }

  /// Both ends of a new socket, which are closed on exec.
  static func pair() throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw DecoderUnavailable("no socket: \(String(errno: errno))", isPermanent: false)
    }
    return (ends[0], ends[1])
  }

  private static func spawn(_ path: String, _ arguments: [String], socket: Int32) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    // First, since the socket's descriptor may be one of those that are opened below.
    unsafe posix_spawn_file_actions_adddup2(&actions, socket, 3)
    for descriptor: Int32 in 0...2 { unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0) }
    unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 4)
    // A program would inherit the signals that this process blocks or ignores.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe words.indices { unsafe free(words[index]) } }
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe [nil]
    var process: pid_t = 0
    let code = unsafe posix_spawn(&process, path, &actions, &attributes, &words, &environment)
    guard code == 0 else {
      throw DecoderUnavailable(
        "\(path): \(String(errno: code))", isPermanent: [ENOENT, EACCES, ENOEXEC, ENOTDIR].contains(code))
    }
    return process
  }
}
