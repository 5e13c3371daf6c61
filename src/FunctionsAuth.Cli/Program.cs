using FunctionsAuth.Cli;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
return await CliProgram.RunAsync(args, CliHost.OfThisMachine(), stopping.Token);
