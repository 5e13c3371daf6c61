using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FunctionsAuth.Protocol.Claims;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Users;
using Microsoft.Extensions.Logging;

namespace FunctionsAuth.Protocol.Tokens;

/// <summary>Writes access tokens: JWTs (RFC 9068), or handles whose record says the same.</summary>
public sealed partial class AccessTokenIssuer(
    JwtSigner signer, IReferenceTokenStore references, SubjectIdentifiers subjects, ServerUrls urls, ServerOptions options, TimeProvider clock,
    ILogger<AccessTokenIssuer> log)
{
    /// <param name="user">Being read and checked; awaited where the claims depend on the user's groups.</param>
    /// <param name="binding">What must be shown with each use of the token.</param>
    /// <exception cref="OAuthException"><c>invalid_grant</c>: the groups give more claims than a token may have.</exception>
    public async Task<SignedToken> ForGrantAsync(Client client, Catalog catalog, TokenAccess access, Grant grant, Task<User> user, TokenBinding binding, CancellationToken cancellation)
    {
        var mapped = GroupClaims.Of(client, catalog, access.Audience);
        var claims = mapped.IsEmpty ? null : mapped.Of((await user).Groups);
        return await IssueAsync(client, catalog, access, await subjects.OfAsync(client, grant.Subject, cancellation), grant, claims, binding, cancellation);
    }

    /// <summary>RFC 9068 §2.2: the subject of a token that a client got for itself is the client. Its groups are the client's.</summary>
    /// <exception cref="OAuthException"><c>invalid_grant</c>, as above.</exception>
    public Task<SignedToken> ForClientAsync(Client client, Catalog catalog, TokenAccess access, TokenBinding binding, CancellationToken cancellation)
    {
        var mapped = GroupClaims.Of(client, catalog, access.Audience);
        return IssueAsync(client, catalog, access, client.ClientId, null, mapped.IsEmpty ? null : mapped.Of(client.Groups), binding, cancellation);
    }

    private async Task<SignedToken> IssueAsync(
        Client client, Catalog catalog, TokenAccess access, string subject, Grant? grant, JsonObject? mapped, TokenBinding binding, CancellationToken cancellation)
    {
        RefuseTooLarge(client, subject, mapped);
        var rules = AccessTokenRules.Of(client, catalog, access.Audience, options);
        var now = clock.GetUtcNow();
        var token = rules.IsReference
            ? await StoreAsync(Write, now + rules.Lifetime, cancellation)
            : await signer.SignAsync(rules.Algorithm, JwtTypes.AccessToken, Write, cancellation);
        return new SignedToken(token, rules.Lifetime);

        void Write(Utf8JsonWriter json)
        {
            json.WriteString("iss", urls.Issuer);
            json.WriteString("sub", subject);
            WriteAudience(json, access.Audience);
            json.WriteString("client_id", client.ClientId);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + rules.Lifetime).ToUnixTimeSeconds());
            json.WriteString("jti", TokenId.New(grant?.Address));
            if (access.Scopes.Count > 0)
                json.WriteString("scope", access.Scope);
            access.Details.WriteTo(json);
            binding.WriteTo(json);
            if (mapped is not null)
                WriteMapped(json, mapped);
            if (grant is null)
                return;
            json.WriteNumber("auth_time", grant.AuthTime.ToUnixTimeSeconds());
            if ((grant.Acr ?? AuthenticationContexts.Of(grant.Amr)) is { } acr)
                json.WriteString("acr", acr);
        }
    }

    private static void WriteMapped(Utf8JsonWriter json, JsonObject mapped)
    {
        foreach (var (name, values) in mapped)
        {
            json.WritePropertyName(name);
            values!.WriteTo(json);
        }
    }

    /// <summary>A token without some of its roles would be wrong in a way that nobody sees, so there is none.</summary>
    private void RefuseTooLarge(Client client, string subject, JsonObject? mapped)
    {
        if (mapped is null || UserClaims.SizeOf(mapped) <= GroupClaims.MostBytes)
            return;
        LogTooLarge(client.ClientId, subject, GroupClaims.MostBytes);
        throw OAuthError.InvalidGrant($"The claims from the groups of the user have more than {GroupClaims.MostBytes} bytes, which is too large for an access token");
    }

    [LoggerMessage(3202, LogLevel.Warning, "Client {ClientId} gets no access token for {Subject}, as the claims that the groups give have more than {Most} bytes")]
    private partial void LogTooLarge(string clientId, string subject, int most);

    private async Task<string> StoreAsync(Action<Utf8JsonWriter> writeClaims, DateTimeOffset expiresAt, CancellationToken cancellation)
    {
        var handle = new Handle(HandleKind.AccessToken, RecordAddress.New(expiresAt), Handle.NewSecret(), Handle.NewSecret());
        var payload = Encoding.UTF8.GetString(JwtJson.Write(writeClaims));
        await references.InsertAsync(new ReferenceToken(handle.Address, SecretHash.Of(handle.Secrets), payload), cancellation);
        return handle.Encode();
    }

    /// <summary>RFC 7519 §4.1.3: one audience is a string, several are an array.</summary>
    private static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audience)
    {
        if (audience.Count == 1)
        {
            json.WriteString("aud", audience[0]);
            return;
        }
        json.WriteStartArray("aud");
        foreach (var name in audience)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }
}

/// <summary>What the client and the resources of an access token want of it, together.</summary>
/// <param name="Algorithm">The one that all audiences agree on.</param>
/// <param name="Lifetime">The shortest that one of them wants.</param>
/// <param name="IsReference">One that wants a handle is enough: it wants to know of a revocation at once.</param>
internal readonly record struct AccessTokenRules(string Algorithm, TimeSpan Lifetime, bool IsReference)
{
    public static AccessTokenRules Of(Client client, Catalog catalog, IReadOnlyList<string> audience, ServerOptions options)
    {
        string? wanted = null;
        var (disagree, isReference, hasResource) = (false, false, false);
        var lifetime = client.AccessTokenLifetime.OrElse(options.Lifetimes.AccessToken);
        // This is done for each token, so it allocates nothing.
        for (var i = 0; i < audience.Count; i++)
        {
            if (catalog.FindResource(audience[i]) is not { } resource)
                continue;
            var own = resource.AccessTokenSigningAlg ?? options.AccessTokenAlgorithm;
            disagree |= wanted is not null && wanted != own;
            (wanted, hasResource) = (own, true);
            lifetime = Shorter(lifetime, resource.AccessTokenLifetime.OrElse(lifetime));
            isReference |= (resource.AccessTokenFormat ?? client.AccessTokenFormat) == AccessTokenFormats.Reference;
        }
        lifetime = Shorter(lifetime, options.Lifetimes.LongestToken);
        if (!hasResource)
            isReference = client.AccessTokenFormat == AccessTokenFormats.Reference;
        var algorithm = disagree || wanted is null ? options.AccessTokenAlgorithm : wanted;
        // FAPI 2.0 Security Profile 5.4.1-1: whatever the API says, such a client gets no token with RS256.
        if (client.Profile is not null && !SigningAlgorithms.OfFapi.Contains(algorithm))
            algorithm = options.FapiAlgorithm ?? algorithm;
        return new(algorithm, lifetime, isReference);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
