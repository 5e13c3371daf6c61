using FunctionsAuth.WorkerHost;

return await RunCommand.Create().Parse(args).InvokeAsync();
