/// The other side is gone.
package struct SocketClosed: Error {
  package init() {}
}
