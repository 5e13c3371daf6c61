using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.GrantTypes.AuthorizationCode;

/// <summary>RFC 6749 §4.1.</summary>
public sealed class AuthorizationCodeFeature : GrantTypeFeature
{
    public override string Name => GrantTypeNames.AuthorizationCode;

    public override bool UsesRedirects => true;

    public override bool GivesRefreshTokens => true;

    public override string? ProblemOfRegistrant(ServerOptions options) => null;

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<CodeGuard>().AddSingleton<GrantTypeHandler, AuthorizationCodeHandler>();
}
