using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Jwt;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FunctionsAuth.Protocol.Endpoints.Introspection;

/// <summary>
/// Introspection answers as signed JWTs: RFC 9701. An API can prove later what the server told it. Each answer costs a signature, so an API
/// gets them only if its operator registered an algorithm for it, and only when it asks by its <c>Accept</c> header (§4).
/// </summary>
public sealed class SignedIntrospection(JwtSigner signer, ServerUrls urls, TimeProvider clock)
{
    public const string MediaType = "application/" + JwtTypes.TokenIntrospection;

    /// <summary>The algorithm of the answer; null: the answer is JSON.</summary>
    public static string? AlgorithmFor(HttpRequest request, Client caller) =>
        caller.IntrospectionSignedResponseAlg is { } algorithm && IsAskedFor(request) ? algorithm : null;

    /// <summary>
    /// §5: what the token is good for stands in a member of its own. Without <c>sub</c> and <c>exp</c> around it nobody can take the answer for
    /// an access token or an ID token (§8.1).
    /// </summary>
    /// <exception cref="Keys.KeyStoreException">No key store signed.</exception>
    public async Task<IResult> AnswerAsync(JsonObject answer, Client caller, string algorithm, CancellationToken cancellation)
    {
        return Results.Text(await signer.SignAsync(algorithm, JwtTypes.TokenIntrospection, Write, cancellation), MediaType);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("aud", caller.ClientId);
            json.WriteNumber("iat", clock.GetUtcNow().ToUnixTimeSeconds());
            json.WritePropertyName("token_introspection");
            answer.WriteTo(json);
        }
    }

    private static bool IsAskedFor(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.Any(type => type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase) && type.Quality != 0);
}
