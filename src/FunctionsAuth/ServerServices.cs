using FunctionsAuth.Azure;
using FunctionsAuth.Pages;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Endpoints.Assets;
using FunctionsAuth.Protocol.Endpoints.Authorize;
using FunctionsAuth.Protocol.Endpoints.CheckSession;
using FunctionsAuth.Protocol.Endpoints.Consents;
using FunctionsAuth.Protocol.Endpoints.Health;
using FunctionsAuth.Protocol.Endpoints.Introspection;
using FunctionsAuth.Protocol.Endpoints.Login;
using FunctionsAuth.Protocol.Endpoints.Logout;
using FunctionsAuth.Protocol.Endpoints.Metadata;
using FunctionsAuth.Protocol.Endpoints.Par;
using FunctionsAuth.Protocol.Endpoints.Register;
using FunctionsAuth.Protocol.Endpoints.Revocation;
using FunctionsAuth.Protocol.Endpoints.SignUp;
using FunctionsAuth.Protocol.Endpoints.Token;
using FunctionsAuth.Protocol.Endpoints.UserInfo;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.GrantTypes;
using FunctionsAuth.Protocol.GrantTypes.AuthorizationCode;
using FunctionsAuth.Protocol.GrantTypes.ClientCredentials;
using FunctionsAuth.Protocol.GrantTypes.Password;
using FunctionsAuth.Protocol.GrantTypes.RefreshToken;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Issuing;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsAuth;

/// <summary>The composition: what the Functions app and LocalHost both run.</summary>
public static class ServerServices
{
    // OWASP's figure for PBKDF2-HMAC-SHA512, which is what the hasher computes.
    private const int PasswordIterations = 210_000;

    public static IServiceCollection AddServer(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<ServerOptions>(settings);
        services.AddSingleton<ServerUrls>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzure(settings);
        services.AddPages();
        services.AddEdge();
        services.AddProtocol(settings.Legacy);
        services.AddEndpoints();
        services.AddHostedService<TelemetryExport>();
        services.AddApplicationInsights();
        return services;
    }

    /// <summary>
    /// At the default level ASP.NET Core writes several lines a request, and a worker ships each to the host over gRPC. The
    /// Azure SDK logs the address of every row.
    /// </summary>
    public static ILoggingBuilder AddServerFilters(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Azure", LogLevel.Warning);

    private static void AddEdge(this IServiceCollection services)
    {
        services.AddSingleton<EndpointPipeline>();
        services.AddSingleton<ErrorWriter>();
        services.AddSingleton<BrowserCookies>();
        services.AddSingleton<AuthorizationResponder>();
        services.AddSingleton<SessionStates>();
    }

    private static void AddProtocol(this IServiceCollection services, LegacyOptions legacy)
    {
        services.AddSingleton<ClientRegistry>();
        services.AddSingleton<ClientAuthenticator>();
        services.AddSingleton<ClientAssertions>();
        services.AddSingleton<ClientSignatures>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientFetcher>();
        services.AddSingleton<ClientDocuments>();
        services.AddSingleton<ClientUse>();
        services.AddSingleton<RegistrantRules>();
        services.AddSingleton<RegistrationGate>();
        services.AddSingleton<RegisteredClients>();
        services.AddSingleton<ScopeRegistry>();
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<KeySigner>();
        services.AddHostedService<KeyWarmup>();
        services.AddSingleton<JwtSigner>();
        services.AddSingleton<JwtVerifier>();
        services.AddSingleton<KeyRollover>();
        services.AddSingleton<IExpiringTable, UnusedClients>();
        services.AddSingleton<Pruner>();
        services.AddSingleton<Importer>();

        services.AddSingleton<AuthorizationRequestReader>();
        services.AddSingleton<AuthorizationFlow>();
        services.AddSingleton<RequestParking>();
        services.AddSingleton<RequestResolver>();
        services.AddSingleton<RequestObjects>();
        services.AddSingleton<PushedRequests>();
        services.AddSingleton<NextSteps>();
        services.AddSingleton<AuthorizationGranter>();
        services.AddSingleton<GrantIssuer>();
        services.AddSingleton<FrontChannelTokens>();
        services.AddSingleton<LegacyUses>();
        services.AddSingleton<ConsentKeeper>();
        services.AddSingleton<SessionReader>();
        services.AddSingleton<SessionStarter>();
        services.AddSingleton<SessionToucher>();
        services.AddSingleton<LoginAttempt>();
        services.AddSingleton<LogoutRequestReader>();
        services.AddSingleton<LogoutTokenIssuer>();
        services.AddSingleton<BackchannelLogout>();
        services.AddSingleton<SessionEnder>();
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton<AccountCreator>();
        services.AddSingleton<Decoy>();
        services.AddSingleton(new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordIterations })));

        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<IdTokenIssuer>();
        services.AddSingleton<SubjectIdentifiers>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<RefreshTokenRules>();
        services.AddSingleton<GrantBasis>();
        services.AddSingleton<CodeGuard>();
        services.AddSingleton<RefreshGuard>();
        services.AddSingleton<RefreshTokenIntrospection>();
        services.AddSingleton<GrantTypeHandler, AuthorizationCodeHandler>();
        services.AddSingleton<GrantTypeHandler, RefreshTokenHandler>();
        services.AddSingleton<GrantTypeHandler, ClientCredentialsHandler>();
        services.AddSingleton<PasswordGrantIssuer>();
        if (legacy.PasswordGrant)
            services.AddSingleton<GrantTypeHandler, PasswordHandler>();
    }

    private static void AddEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<MetadataEndpoint>();
        services.AddSingleton<JwksEndpoint>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<PushedAuthorizationEndpoint>();
        services.AddSingleton<LoginEndpoint>();
        services.AddSingleton<SignUpEndpoint>();
        services.AddSingleton<ConsentEndpoint>();
        services.AddSingleton<LogoutEndpoint>();
        services.AddSingleton<CheckSessionEndpoint>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<UserInfoEndpoint>();
        services.AddSingleton<IntrospectionEndpoint>();
        services.AddSingleton<RevocationEndpoint>();
        services.AddSingleton<RegistrationEndpoint>();
        services.AddSingleton<ClientConfigurationEndpoint>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<ReadyEndpoint>();
        services.AddSingleton<AssetEndpoint>();
    }
}
