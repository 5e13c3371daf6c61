using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Errors;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.GrantTypes;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Server.Tests.Extending;

/// <summary>A grant type that nothing of the server knows: docs/extending.md.</summary>
public sealed class VoucherFeature : GrantTypeFeature
{
    public const string GrantType = "urn:example:voucher";

    public override string Name => GrantType;

    public override string? ProblemOf(Client client, FeatureSet features) => client.FirstParty ? null : "must not be a voucher unless the client is first_party";

    public override void AddServices(IServiceCollection services) => services.AddSingleton<GrantTypeHandler, VoucherHandler>();
}

internal sealed class VoucherHandler(ScopeRegistry scopes, AccessPolicy policy, AccessTokenIssuer tokens) : GrantTypeHandler
{
    public override string Name => VoucherFeature.GrantType;

    public override async Task<TokenResponse> HandleAsync(TokenRequest request, CancellationToken cancellation)
    {
        var (client, form) = (request.Client, request.Form);
        if (form["voucher"] != "good")
            throw OAuthError.InvalidGrant("The voucher is not valid");
        var catalog = await scopes.LoadAsync(cancellation);
        var access = policy.ForClient(client, catalog, request.Wish);
        await request.UseProofAsync(cancellation);
        return new TokenResponse(await tokens.ForClientAsync(client, catalog, access, request.Binding, cancellation), access) { Binding = request.Binding };
    }
}
