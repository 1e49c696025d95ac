/// `--every SECONDS` of `scheduled run`.
struct SweepInterval {
  /// 60 to 86,400.
  let seconds: UInt32

  /// Nil if the arguments are not exactly that.
  init?(_ arguments: ArraySlice<String>) {
    guard arguments.count == 2, arguments.first == "--every", let seconds = arguments.last.flatMap(UInt32.init),
      60...86_400 ~= seconds
    else { return nil }
    self.seconds = seconds
  }
}
