internal import Settings

/// What is wrong with a connection string, in words that hold nothing of it: libpq's own repeat pieces of it, and a password that is not
/// percent-encoded ends up among the host's or port's letters.
struct ConnectionStringFault {
  /// What is wrong and what to do, to be read after the variable's name.
  let sentence: String

  /// - Returns: nil where libpq understands it, and no piece of a password can be in what it takes for host and port.
  init?(_ text: Secret) {
    guard let options = LibPQ.parse(text) else {
      sentence =
        "is no connection string that libpq understands, such as postgresql://user:password@db.example.com/videos; "
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
