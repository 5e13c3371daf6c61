using System.Text;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace FunctionsAuth.Protocol.Http;

/// <summary>Problem details for programs that call an API: RFC 9457 §3.</summary>
public static class ProblemDetails
{
    private const string TypePrefix = "urn:functionsauth:problem:";

    /// <param name="code">The code that programs compare: the end of <c>type</c>.</param>
    public static JsonObject Of(int status, string code, string detail) => new()
    {
        ["type"] = TypePrefix + code,
        ["title"] = ReasonPhrases.GetReasonPhrase(status),
        ["status"] = status,
        ["detail"] = detail,
    };

    public static IResult Of(OAuthException error) => Write(Of(error.Status, error.Error, error.Description), error.Status);

    public static IResult Write(JsonObject body, int status) => new WrittenJson(status, Encoding.UTF8.GetBytes(body.ToJsonString()), "application/problem+json");
}

/// <summary>A body that is JSON already.</summary>
public sealed class WrittenJson(int status, ReadOnlyMemory<byte> body, string mediaType) : IResult
{
    public async Task ExecuteAsync(HttpContext http)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = mediaType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
