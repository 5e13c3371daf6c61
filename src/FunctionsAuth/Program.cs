using FunctionsAuth;
using FunctionsAuth.Azure;
using FunctionsAuth.Azure.Stores;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

StoredRecords.BeginToWarm();
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Logging.AddServerFilters();
builder.Services.AddServer(AppSettings.Read(builder.Configuration));
builder.Build().Run();
