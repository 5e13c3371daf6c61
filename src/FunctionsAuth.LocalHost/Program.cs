using System.CommandLine;
using FunctionsAuth.LocalHost.Commands;

return await new RootCommand("FunctionsAuth on this machine.") { RunCommand.Create(), ImportCommand.Create(), KeysCommand.Create(), RegistrationsCommand.Create() }.Parse(args).InvokeAsync();
