using FunctionsAuth;
using FunctionsAuth.Azure;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Logging.AddServerFilters();
builder.Services.AddServer(AppSettings.Read(builder.Configuration));
builder.Build().Run();
