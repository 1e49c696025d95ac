internal import Settings

/// Tells what is wrong with a connection string without quoting it. libpq's messages quote parts of it, and a password that is not
/// percent-encoded ends up in what libpq takes for host or port.
struct ConnectionStringFault {
  /// What is wrong and what to do about it. It follows the variable's name.
  let sentence: String

  /// - Returns: nil if libpq understands the string, and its host and port cannot contain a part of a password.
  init?(_ text: Secret) {
    guard let options = LibPQ.parse(text) else {
      // Not quoted, since a password may be in it even then.
      let parts = text.exposed.split(separator: "?", maxSplits: 1).map { Secret(String($0)) }
      sentence =
        parts.count == 2 && ConnectionStringFault(parts[0]) == nil
        ? "has an option after ? that libpq does not know here: it is another program's (schema is Prisma's), or a later version's; "
          + "in a password ? is percent-encoded, %3F"
        : "is no connection string that libpq understands, such as postgresql://user:password@db.example.com/videos; "
          + "in a password all but letters and digits is percent-encoded"
      return
    }
    let hosts = options["host"].split(separator: ",")
    let ports = options["port"]
    // A host that begins with @ is an abstract socket.
    guard hosts.contains(where: { $0.dropFirst().contains("@") }) || !ports.allSatisfy({ $0.isNumber || $0 == "," }) else {
      return nil
    }
    sentence = "has a password with @, / or : in it that is not percent-encoded: they are %40, %2F and %3A"
  }
}
