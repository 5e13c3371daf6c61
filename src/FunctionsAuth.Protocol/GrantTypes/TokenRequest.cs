using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>A token request. The client is already authenticated and registered for the grant type.</summary>
public sealed class TokenRequest(Client client, Parameters form, TokenBinding binding, DpopProof? proof, DpopProofs proofs)
{
    public Client Client => client;

    public Parameters Form => form;

    /// <summary>The scopes, resources and details that the client asks for in its access token.</summary>
    public AccessWish Wish => new(form[Parameter.Scope], form.All(Parameter.Resource), form[Parameter.AuthorizationDetails]);

    /// <summary>What the access token is bound to.</summary>
    public TokenBinding Binding => binding;

    /// <summary>The grant. If the client is public, its refresh tokens are bound to the key or certificate of the request (RFC 9449 §5, RFC 8705 §4).</summary>
    public Grant Bind(Grant grant) => grant with
    {
        DpopJkt = client.IsPublic ? binding.Jkt : null,
        CertificateThumbprint = client.IsPublic ? binding.CertificateThumbprint : null,
    };

    /// <summary>
    /// Marks the DPoP proof as used, if there is one. A handler does this after it has checked the code or token of the client, and before it
    /// consumes it. So a client that sends a proof twice does not lose its code.
    /// </summary>
    /// <exception cref="Errors.OAuthException"><c>invalid_dpop_proof</c>: the proof was used before.</exception>
    public Task UseProofAsync(CancellationToken cancellation) => proof is null ? Task.CompletedTask : proofs.UseAsync(proof, cancellation);
}
