internal import CConfinement

/// `--allowed-calls`: the list the filter is built of.
enum AllowedCalls {
  static func print() {
    var number: Int32 = 0
    while let line = unsafe box_line(number) {
      unsafe Swift.print(String(cString: line))
      number += 1
    }
  }
}
