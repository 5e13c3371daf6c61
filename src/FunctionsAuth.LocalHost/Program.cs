using System.CommandLine;
using FunctionsAuth.LocalHost.Commands;
using FunctionsAuth.LocalHost.Commands.Deployed;

return await new RootCommand("FunctionsAuth on this machine.")
{
    RunCommand.Create(), ImportCommand.Create(), KeysCommand.Create(), RegistrationsCommand.Create(), UserCommand.Create(), CheckCommand.Create(),
}.Parse(args).InvokeAsync();
