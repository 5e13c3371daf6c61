using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Bench.Targets;

/// <summary>
/// The practical limit: bare Kestrel that reads the form of a token request and signs one JWT with ES256. It checks nothing and
/// keeps nothing.
/// </summary>
internal static class BareServer
{
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"ES256","typ":"at+jwt","kid":"bare"}"""u8);

    public static async Task RunAsync(int port)
    {
        var stages = new Stages();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://localhost:{port}").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        await using var app = builder.Build();
        stages.Mark("built");
        var parameters = ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportParameters(includePrivateParameters: true);
        // One of each thread: nobody waits for another one's signature.
        using var key = new ThreadLocal<ECDsa>(() => ECDsa.Create(parameters));
        app.MapPost("/token", context => AnswerAsync(context, key));
        app.MapGet("/.well-known/openid-configuration", context => context.Response.WriteAsync("{}"));
        app.MapFigures();
        await app.StartAsync();
        stages.Mark("listening");
        Console.WriteLine(stages);
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }

    private static async Task AnswerAsync(HttpContext context, ThreadLocal<ECDsa> key)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var payload = $$"""
            {"iss":"http://localhost","sub":"service","client_id":"service","aud":"https://api.example","iat":{{now}},"exp":{{now + 3600}},"jti":"{{Guid.NewGuid():N}}","scope":"{{form["scope"]}}"}
            """;
        var signed = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        var signature = key.Value!.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        var body = JsonSerializer.SerializeToUtf8Bytes(new Answer($"{signed}.{Base64Url.EncodeToString(signature)}", "Bearer", 3600));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private sealed record Answer(string access_token, string token_type, int expires_in);
}
