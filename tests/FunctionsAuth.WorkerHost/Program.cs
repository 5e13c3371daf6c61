using FunctionsAuth.WorkerHost;

return await CommandLine.Create().Parse(args).InvokeAsync();
