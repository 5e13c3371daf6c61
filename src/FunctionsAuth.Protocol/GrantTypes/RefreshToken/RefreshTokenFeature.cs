using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.GrantTypes.RefreshToken;

/// <summary>RFC 6749 §6.</summary>
public sealed class RefreshTokenFeature : GrantTypeFeature
{
    public override string Name => GrantTypeNames.RefreshToken;

    public override string? ProblemOf(Client client, FeatureSet features) =>
        features.GrantTypes.Any(other => other.GivesRefreshTokens && client.MayUse(other.Name))
            ? null
            : "must not be refresh_token without a grant type that gives one, such as authorization_code";

    public override string? ProblemOfRegistrant(ServerOptions options) => null;

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<RefreshGuard>().AddSingleton<GrantTypeHandler, RefreshTokenHandler>();
}
