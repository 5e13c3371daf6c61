using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Endpoints.Introspection;

/// <summary>
/// Token introspection: RFC 7662. A client can ask about its own tokens, and an API about access tokens for a resource that lists it. All other
/// tokens are reported as inactive, so that nobody learns about tokens of others (§4).
/// </summary>
public sealed class IntrospectionEndpoint(
    ClientAuthenticator authenticator, ClientRegistry clients, ScopeRegistry scopes, AccessTokenReader tokens, RefreshTokenIntrospection refreshTokens,
    SignedIntrospection signed) : ServerEndpoint
{
    public static EndpointFeature Feature { get; } = new(typeof(IntrospectionEndpoint))
    {
        Describe = (metadata, server) =>
        {
            server.DescribeEndpoint(metadata, "introspection_endpoint", Routes.Introspect);
            metadata["introspection_signing_alg_values_supported"] = ServerDescription.Array(server.Features.TokenAlgorithms);
            server.DescribeAuthentication(metadata, "introspection", method => method.IsProof);
        },
        Parts = [typeof(RefreshTokenIntrospection), typeof(SignedIntrospection)],
    };

    public override EndpointRules Rules { get; } = new(EndpointReader.Program, CorsPolicy.None, HttpMethods.Post);

    public override async Task<IResult> HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var form = (await Parameters.FromBodyAsync(http.Request)).RefuseRepeated();
        var caller = await authenticator.AuthenticateConfidentialAsync(http, form, cancellation);
        var token = form[Parameter.Token] ?? throw OAuthError.InvalidRequest("The token is required");
        var algorithm = SignedIntrospection.AlgorithmFor(http.Request, caller);
        // RFC 9701 §5: a signed answer is only for the API to which the token is addressed.
        var answer = await DescribeAsync(token, caller, asClient: algorithm is null, cancellation) ?? new JsonObject { ["active"] = false };
        return algorithm is null ? JsonAnswer.Of(answer) : await signed.AnswerAsync(answer, caller, algorithm, cancellation);
    }

    /// <param name="asClient">The caller can also ask about tokens that were issued to it.</param>
    private async Task<JsonObject?> DescribeAsync(string token, Client caller, bool asClient, CancellationToken cancellation)
    {
        // The two kinds look different, so the hint (RFC 7662 §2.1) is not needed.
        if (Handle.TryParse(token, HandleKind.RefreshToken, out var handle))
            return asClient ? await refreshTokens.DescribeAsync(handle, caller, cancellation) : null;
        return await DescribeAsync(await tokens.ReadAsync(token, cancellation), caller, asClient, cancellation);
    }

    private async Task<JsonObject?> DescribeAsync(AccessToken? token, Client caller, bool asClient, CancellationToken cancellation)
    {
        var catalog = await scopes.LoadAsync(cancellation);
        if (token is null || !((asClient && caller.ClientId == token.ClientId) || IsApiOf(caller, token, catalog)))
            return null;
        if (await clients.FindAsync(token.ClientId, cancellation) is not { } client || await tokens.FindLiveAsync(token, client, cancellation) is not { } live)
            return null;
        var answer = token.Claims;
        // The current claims from the groups, not the claims at the time when the token was issued.
        GroupClaims.Of(client, catalog, token.Audience).SetIn(answer, live.Groups);
        if (live.Scopes.Count < token.Scopes.Count)
            answer["scope"] = string.Join(' ', live.Scopes);
        ShowDetails(answer, token, live.Client, asClient && caller.ClientId == token.ClientId ? token.Audience : [.. AudienceOf(caller, token, catalog)], catalog);
        answer["active"] = true;
        answer["token_type"] = TokenTypes.Of(token.Binding.IsDpop);
        return answer;
    }

    /// <summary>RFC 9396 §9.2: an API sees only the elements that are for it and are still allowed.</summary>
    private static void ShowDetails(JsonObject answer, AccessToken token, Client client, IReadOnlyCollection<string> audience, Catalog catalog)
    {
        var shown = DetailsPolicy.For(catalog, DetailsPolicy.StillGood(client, catalog, token.Details), audience);
        answer.Remove(Parameter.AuthorizationDetails);
        if (shown.Count > 0)
            answer[Parameter.AuthorizationDetails] = JsonNode.Parse(shown.ToString());
    }

    private static bool IsApiOf(Client caller, AccessToken token, Catalog catalog) => AudienceOf(caller, token, catalog).Any();

    /// <summary>The APIs of the token that the caller represents.</summary>
    private static IEnumerable<string> AudienceOf(Client caller, AccessToken token, Catalog catalog) =>
        token.Audience.Where(name => catalog.FindResource(name)?.IntrospectedBy.Contains(caller.ClientId) == true);
}
