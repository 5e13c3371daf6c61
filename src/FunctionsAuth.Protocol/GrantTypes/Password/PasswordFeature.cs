using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Features;
using Microsoft.Extensions.DependencyInjection;

namespace FunctionsAuth.Protocol.GrantTypes.Password;

/// <summary>RFC 6749 §4.3. Legacy: see <see cref="LegacyOptions"/>.</summary>
public sealed class PasswordFeature : GrantTypeFeature
{
    public override string Name => GrantTypeNames.Password;

    public override bool GivesRefreshTokens => true;

    public override bool IsOn(ServerOptions options) => options.Legacy.PasswordGrant;

    /// <summary>The app sees the password of the user, so only first-party apps of the operator may do this.</summary>
    public override string? ProblemOf(Client client, FeatureSet features) =>
        client.FirstParty ? null : "must not be password unless the client is first_party";

    public override void AddServices(IServiceCollection services) =>
        services.AddSingleton<PasswordTokens>().AddSingleton<GrantTypeHandler, PasswordHandler>();
}
