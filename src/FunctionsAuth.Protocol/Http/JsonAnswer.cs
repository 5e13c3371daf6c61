using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>JSON answers with the exact media type <c>application/json</c>.</summary>
public static class JsonAnswer
{
    public static IResult Of(JsonNode body, int status = StatusCodes.Status200OK) =>
        Results.Text(Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json", status);
}
