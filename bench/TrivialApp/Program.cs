using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
// Otherwise it would write lines for each request, and send them to the host.
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Build().Run();

/// <summary>The least that a function app of ours can be: what it takes to start is the platform's.</summary>
public sealed class Hello
{
    [Function("hello")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "hello")] HttpRequest request) => Results.Text("Hello");
}
