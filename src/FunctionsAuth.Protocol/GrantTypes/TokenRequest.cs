using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>A token request. The client is authenticated, and registered for the grant type.</summary>
public sealed class TokenRequest(Client client, Parameters form, DpopProof? proof, DpopProofs proofs)
{
    public Client Client => client;

    public Parameters Form => form;

    /// <summary>To what the client narrows its access token.</summary>
    public AccessWish Wish => new(form[Parameter.Scope], form.All(Parameter.Resource), form[Parameter.AuthorizationDetails]);

    /// <summary>Of the key to which the access token is bound (RFC 9449); null for a bearer token.</summary>
    public string? Thumbprint => proof?.Thumbprint;

    /// <summary>
    /// Uses the proof up, where there is one. A handler does it after it has looked at what the client brought, and before it uses that up: so a proof
    /// that is sent twice costs nobody a code.
    /// </summary>
    /// <exception cref="Errors.OAuthException"><c>invalid_dpop_proof</c>: it was used before.</exception>
    public Task UseProofAsync(CancellationToken cancellation) => proof is null ? Task.CompletedTask : proofs.UseAsync(proof, cancellation);
}
