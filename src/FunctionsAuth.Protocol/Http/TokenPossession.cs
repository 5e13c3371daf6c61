using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.AspNetCore.Http;

namespace FunctionsAuth.Protocol.Http;

/// <summary>The access token of a request.</summary>
/// <param name="IsDpop">It was sent with the scheme of RFC 9449 §7.1.</param>
public readonly record struct PresentedToken(string Token, bool IsDpop)
{
    /// <summary>The token of the Authorization header (RFC 6750 §2.1); null without one.</summary>
    public static PresentedToken? InHeader(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return After("DPoP ") is { } bound ? new(bound, true) : After("Bearer ") is { } bearer ? new(bearer, false) : null;

        string? After(string scheme) => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? header[scheme.Length..].Trim() : null;
    }
}

/// <summary>Checks that the sender of a bound access token has its key: RFC 8705 §3 and RFC 9449 §7.</summary>
public sealed class TokenPossession(ClientCertificates certificates, DpopProofs proofs, DpopNonces nonces)
{
    /// <param name="guard">The guard of the API that gets the token.</param>
    /// <param name="route">The route of the API, which a proof must name.</param>
    /// <exception cref="OAuthException">The challenge names the missing proof.</exception>
    /// <exception cref="TemporarilyUnavailableException">Storage did not answer.</exception>
    public async Task CheckAsync(HttpContext http, PresentedToken presented, AccessToken token, Client client, ResourceGuard guard, string route, CancellationToken cancellation)
    {
        // The token is older than the profile of the client or of the server: FAPI 2.0 Security Profile 5.3.2.1-4.
        if (client.Profile is not null && token.Binding == TokenBinding.None)
            throw guard.NotValid("The access token is not bound to a key, but the profile of the client requires it");
        if (token.Binding.CertificateThumbprint is { } bound && certificates.Read(http)?.Thumbprint != bound)
            throw guard.NotValid("The access token is bound to a client certificate: send this certificate in the TLS connection");
        if (token.Binding.IsDpop || presented.IsDpop)
            await CheckProofAsync(http, presented, token.Binding, route, cancellation);
    }

    /// <summary>RFC 9449 §7.1: a token that is bound to a key needs a proof of the key, and must not be used as a bearer token.</summary>
    private async Task CheckProofAsync(HttpContext http, PresentedToken presented, TokenBinding binding, string route, CancellationToken cancellation)
    {
        if (!binding.IsDpop)
            throw BadToken(OAuthError.InvalidToken, "The access token is a bearer token: send it with the scheme Bearer");
        if (!presented.IsDpop)
            throw BadToken(OAuthError.InvalidToken, "The access token is bound to a key: send it with the scheme DPoP and a DPoP proof");
        try
        {
            var proof = await proofs.ReadAsync(http.Request, route, presented.Token, cancellation) ?? throw OAuthError.InvalidDpopProof("The DPoP proof is missing: send it in the DPoP header");
            if (proof.Thumbprint != binding.Jkt)
                throw OAuthError.InvalidDpopProof("The DPoP proof is signed with another key than the one to which the access token is bound");
            await proofs.UseAsync(proof, cancellation);
        }
        catch (OAuthException e) when (e.Challenge is null)
        {
            throw BadToken(e.Error, e.Description, e.DpopNonce);
        }
        await nonces.TellAsync(http.Response, cancellation);
    }

    private static OAuthException BadToken(string error, string description, string? nonce = null) => new(error, description, StatusCodes.Status401Unauthorized)
    {
        Challenge = $"DPoP error=\"{error}\", error_description=\"{description}\", algs=\"{string.Join(' ', DpopProofs.Algorithms)}\"",
        DpopNonce = nonce,
    };
}
