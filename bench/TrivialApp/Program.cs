using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Build().Run();

/// <summary>The least that a function app of ours can be: what it takes to start is the platform's.</summary>
public sealed class Hello
{
    [Function("hello")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "hello")] HttpRequest request) => Results.Text("Hello");
}
