using System.CommandLine;
using FunctionsAuth.LocalHost.Commands;
using FunctionsAuth.LocalHost.Commands.Deployed;
using FunctionsAuth.LocalHost.Copies;
using FunctionsAuth.LocalHost.Cost;

return await new RootCommand("Runs FunctionsAuth on this machine, and manages its data.")
{
    RunCommand.Create(), ImportCommand.Create(), KeysCommand.Create(), RegistrationsCommand.Create(), UserCommand.Create(), UsersCommand.Create(), GroupsCommand.Create(), IndexesCommand.Create(), ClientsCommand.Create(), AuditCommand.Create(), CheckCommand.Create(), CostCommand.Create(), TablesCommand.Create(),
}.Parse(args).InvokeAsync();
