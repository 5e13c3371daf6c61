using Microsoft.IdentityModel.Tokens;
using Service;

var issuer = Environment.GetEnvironmentVariable("ISSUER") ?? "http://localhost:7071";
var api = Environment.GetEnvironmentVariable("API") ?? "http://localhost:5080";
var keyFile = Environment.GetEnvironmentVariable("KEY_FILE") ?? Path.Combine(AppContext.BaseDirectory, "sample-key.json");

using var toServer = new HttpClient();
var tokens = new ServiceTokens(toServer, issuer, "sample-job", new JsonWebKey(await File.ReadAllTextAsync(keyFile)), "orders.read");
using var http = new HttpClient(new BearerHandler(tokens) { InnerHandler = new HttpClientHandler() }) { BaseAddress = new Uri(api) };

try
{
    // Two calls need one token.
    foreach (var path in (string[])["/orders", "/orders"])
    {
        using var answer = await http.GetAsync(path);
        Console.WriteLine($"The API answers {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }
    Console.WriteLine($"Tokens requested: {tokens.Requests}");
    return 0;
}
catch (HttpRequestException error)
{
    Console.Error.WriteLine(error.Message);
    Console.Error.WriteLine($"The job needs the server at {issuer}, with the client sample-job, and the API at {api}.");
    return 1;
}
