using FunctionsAuth;
using FunctionsAuth.Azure;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

StoredRecords.BeginToWarm();
var builder = FunctionsApplication.CreateBuilder(args);
builder.Use(next => context => Invocation.RunAsync(context, next));
builder.ConfigureFunctionsWebApplication();
builder.Logging.AddServerFilters().AddBackgroundLog();
builder.Services.AddServer(AppSettings.Read(builder.Configuration));
builder.Build().Run();
