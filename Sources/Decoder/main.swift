internal import CConfinement
internal import CommandLineTool

let options = StandardOptions(name: "thumbnail-decoder", help: Help.text)
box_settle()
switch options.arguments {
case []: Worker.serve(Zygote.run)
case ["--once"]: Worker.serve(OneShot.run)
case ["--allowed-calls"]:
  AllowedCalls.print()
  options.finish(0)
default:
  options.answerHelpAndVersion()
  options.refuse("unknown command \(options.arguments[0])")
}
