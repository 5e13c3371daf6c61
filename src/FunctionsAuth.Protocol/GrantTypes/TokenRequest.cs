using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Tokens;

namespace FunctionsAuth.Protocol.GrantTypes;

/// <summary>A token request. The client is authenticated, and registered for the grant type.</summary>
public sealed class TokenRequest(Client client, Parameters form, TokenBinding binding, DpopProof? proof, DpopProofs proofs)
{
    public Client Client => client;

    public Parameters Form => form;

    /// <summary>To what the client narrows its access token.</summary>
    public AccessWish Wish => new(form[Parameter.Scope], form.All(Parameter.Resource), form[Parameter.AuthorizationDetails]);

    /// <summary>What the access token is bound to.</summary>
    public TokenBinding Binding => binding;

    /// <summary>
    /// The grant, with its refresh tokens bound to what the request shows (RFC 9449 §5, RFC 8705 §4) if the client is public: nothing else binds them to
    /// it.
    /// </summary>
    public Grant Bind(Grant grant) => grant with
    {
        DpopJkt = client.IsPublic ? binding.Jkt : null,
        CertificateThumbprint = client.IsPublic ? binding.CertificateThumbprint : null,
    };

    /// <summary>
    /// Uses the proof up, where there is one. A handler does it after it has looked at what the client brought, and before it uses that up: so a proof
    /// that is sent twice costs nobody a code.
    /// </summary>
    /// <exception cref="Errors.OAuthException"><c>invalid_dpop_proof</c>: it was used before.</exception>
    public Task UseProofAsync(CancellationToken cancellation) => proof is null ? Task.CompletedTask : proofs.UseAsync(proof, cancellation);
}
