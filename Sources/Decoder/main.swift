internal import CConfinement
internal import CommandLineTool
internal import Decoding
internal import Glibc

let options = StandardOptions(
  name: "thumbnail-decoder", help: Help.text, arguments: Array(CommandLine.arguments.dropFirst()))
box_settle()
switch options.arguments {
case []: Zygote(Worker.connection).run()
case ["--once"]: OneShot(Worker.connection).run()
case ["--allowed-calls"]: AllowedCalls.print()
default:
  options.answerHelpAndVersion()
  options.refuse("unknown command \(options.arguments[0])")
}
