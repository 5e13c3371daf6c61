using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using OrdersApi;

// <functions-start>
var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<AuthorizeFunctions>(); // after the line above, so that there is an HttpContext
builder.Services.AddTokenProtection(builder.Configuration.Get<ProtectionOptions>()!);
builder.Build().Run();
// </functions-start>
