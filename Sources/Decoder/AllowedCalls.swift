internal import CConfinement

/// `--allowed-calls`: prints the list from which the filter is built.
enum AllowedCalls {
  static func print() {
    var number: Int32 = 0
    while let line = unsafe box_line(number) {
      unsafe Swift.print(String(cString: line))
      number += 1
    }
  }
}
