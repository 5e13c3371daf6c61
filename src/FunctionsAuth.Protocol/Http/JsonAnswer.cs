using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Json;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>JSON answers with the exact media type <c>application/json</c>.</summary>
public static class JsonAnswer
{
    private const string MediaType = "application/json";

    public static IResult Of(JsonNode body, int status = StatusCodes.Status200OK) => Of(json => body.WriteTo(json), status);

    /// <param name="write">Writes the body.</param>
    public static IResult Of(Action<Utf8JsonWriter> write, int status = StatusCodes.Status200OK) =>
        ScratchJson.Use(write, bytes => Results.Text(bytes, MediaType, status));
}
