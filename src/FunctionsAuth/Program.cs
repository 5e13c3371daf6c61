using FunctionsAuth;
using FunctionsAuth.Azure;
using FunctionsAuth.Azure.Stores;
using FunctionsAuth.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

StoredRecords.BeginToWarm();
var builder = FunctionsApplication.CreateBuilder(args);
builder.Use(next => context => Invocation.RunAsync(context, next));
builder.Services.AddHostedService<LastInvocations>(); // stopped after the web server, as that is added after it
builder.ConfigureFunctionsWebApplication();
// Endpoints limit the size of bodies themselves. A limit of the web server would interrupt the host in the middle of a body, and a 500 would replace the 413.
builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestBodySize = null);
builder.Logging.AddServerFilters().AddBackgroundLog();
builder.Services.AddServer(AppSettings.Read(builder.Configuration));
builder.Build().Run();
