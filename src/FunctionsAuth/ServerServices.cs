using FunctionsAuth.Azure;
using FunctionsAuth.Pages;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Browsers;
using FunctionsAuth.Protocol.Certificates;
using FunctionsAuth.Protocol.ClientAuthentication;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Composition;
using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Dpop;
using FunctionsAuth.Protocol.Features;
using FunctionsAuth.Protocol.Fetch;
using FunctionsAuth.Protocol.Http;
using FunctionsAuth.Protocol.Import;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Interaction;
using FunctionsAuth.Protocol.Issuing;
using FunctionsAuth.Protocol.Jwt;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Languages;
using FunctionsAuth.Protocol.Limits;
using FunctionsAuth.Protocol.Mail;
using FunctionsAuth.Protocol.Notices;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Passkeys;
using FunctionsAuth.Protocol.Prune;
using FunctionsAuth.Protocol.Recovery;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.SessionEnd;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Users.Hashes;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Smtp;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FunctionsAuth;

/// <summary>The composition: what the Functions app and LocalHost both run.</summary>
public static class ServerServices
{
    /// <summary>Adds the server. A host that registered a <see cref="FeatureSet"/> of its own before gets that instead of <see cref="ServerFeatures.All"/>.</summary>
    public static IServiceCollection AddServer(this IServiceCollection services, AppSettings settings)
    {
        services.AddSingleton<ServerOptions>(settings);
        services.AddSingleton<ServerUrls>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAzure(settings);
        services.AddPages();
        services.AddEdge();
        services.AddClientCertificates(settings.ClientCertificates);
        services.AddProtocol();
        services.AddOutbox(settings.Mail);
        services.AddWebhooks();
        services.AddStatistics();
        services.AddFeatures(settings);
        services.AddHostedService<TelemetryExport>();
        services.AddApplicationInsights();
        return services;
    }

    /// <summary>
    /// At the default level ASP.NET Core writes several lines a request, and a worker ships each to the host over gRPC. The
    /// Azure SDK logs the address of every row. Nobody reads the scope and the activity that ASP.NET Core makes for each request: the pipeline has
    /// its own, and logs what fails.
    /// </summary>
    public static ILoggingBuilder AddServerFilters(this ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
        .AddFilter("Azure", LogLevel.Warning);

    private static void AddFeatures(this IServiceCollection services, ServerOptions options)
    {
        services.TryAddSingleton(ServerFeatures.All);
        var features = ((FeatureSet)services.Single(service => service.ServiceType == typeof(FeatureSet)).ImplementationInstance!).With(options);
        services.Replace(ServiceDescriptor.Singleton(features));
        services.AddSingleton<ServerDescription>();
        foreach (var grantType in features.GrantTypes.Where(feature => feature.IsOn(options)))
            grantType.AddServices(services);
        foreach (var method in features.ClientAuthentication.Where(feature => feature.IsOn(options)))
            method.AddServices(services);
        foreach (var endpoint in features.Endpoints)
            endpoint.AddServices(services);
    }

    private static void AddOutbox(this IServiceCollection services, MailOptions mail)
    {
        services.AddSingleton<OutboxWriter>();
        services.AddSingleton<OutboxDelivery>();
        services.AddSingleton<OutboxSweeper>();
        services.AddSingleton<IOutboxDeliverer, NothingDeliverer>();
        services.AddSingleton<IOutboxDeliverer, LogoutDeliverer>();
        services.AddSingleton<Mails>();
        services.AddSingleton<MailLimit>();
        services.AddSingleton<TicketOffice>();
        services.AddSingleton<RecipientLimit>();
        services.AddSingleton<LinkMails>();
        services.AddSingleton<CodeMails>();
        services.AddSingleton<AccountMails>();
        services.AddSingleton<EmailChange>();
        if (!mail.IsConfigured)
            return;
        services.AddSingleton<IOutboxDeliverer, MailDeliverer>();
        if (mail.Host is not null)
            services.AddSmtp();
        else if (!services.Any(service => service.ServiceType == typeof(IMailer)))
            throw new SettingsException([$"Mail:Mode can be {MailOptions.Page} only on LocalHost"]);
    }

    private static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookRegistry>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<WebhookCall>();
        services.AddSingleton<WebhookSecrets>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddSingleton<WebhookService>();
        services.AddSingleton<IEventSubscriber, WebhookPublisher>();
        services.AddSingleton<IOutboxDeliverer, WebhookDeliverer>();
    }

    private static void AddStatistics(this IServiceCollection services)
    {
        services.AddSingleton<HourlyCounters>();
        services.AddSingleton<StatisticsReader>();
        services.AddHostedService<LastCounts>();
    }

    private static void AddClientCertificates(this IServiceCollection services, ClientCertificateOptions options)
    {
        if (options.Source == ClientCertificateOptions.InHeader)
            services.AddSingleton<IClientCertificateSource, ForwardedCertificates>();
        else if (options.Source == ClientCertificateOptions.None)
            services.AddSingleton<IClientCertificateSource, NoCertificates>();
        else if (!services.Any(service => service.ServiceType == typeof(IClientCertificateSource)))
            throw new SettingsException([$"ClientCertificates:Source can be {ClientCertificateOptions.Kestrel} only on LocalHost, with run --mtls-url"]);
    }

    private static void AddEdge(this IServiceCollection services)
    {
        services.AddSingleton<EndpointPipeline>();
        services.AddSingleton<RequestBeginning>();
        services.AddSingleton<RequestSource>();
        services.AddSingleton<ClientCertificates>();
        services.AddSingleton<ErrorWriter>();
        services.AddSingleton<TokenPossession>();
        services.AddSingleton<BrowserCookies>();
        services.AddSingleton<AuthorizationResponder>();
        services.AddSingleton<SignedResponses>();
        services.AddSingleton<SessionStates>();
    }

    private static void AddProtocol(this IServiceCollection services)
    {
        services.AddSingleton<ClientRegistry>();
        services.AddSingleton<ClientAuthenticator>();
        services.AddSingleton<SharedSecrets>();
        services.AddSingleton<ClientSignatures>();
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientFetcher>();
        services.AddSingleton<FetchLimits>();
        services.AddSingleton<ClientDocuments>();
        services.AddSingleton<ClientUse>();
        services.AddSingleton<RegistrantRules>();
        services.AddSingleton<SectorDocuments>();
        services.AddSingleton<ScopeRegistry>();
        services.AddSingleton<AccessPolicy>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<KeySigner>();
        services.AddHostedService<KeyWarmup>();
        services.AddSingleton<JwtSigner>();
        services.AddSingleton<JwtVerifier>();
        services.AddSingleton<KeyCopies>();
        services.AddSingleton<KeyRollover>();
        services.AddSingleton<IExpiringTable, UnusedClients>();
        services.AddSingleton<Pruner>();
        services.AddSingleton<IndexBackfill>();
        services.AddSingleton<Importer>();

        services.AddSingleton<AuthorizationRequestReader>();
        services.AddSingleton<AuthorizationFlow>();
        services.AddSingleton<OwnPages>();
        services.AddSingleton<RequestParking>();
        services.AddSingleton<ParkingLimits>();
        services.AddSingleton<RequestObjects>();
        services.AddSingleton<RequestObjectDocuments>();
        services.AddSingleton<PushedRequests>();
        services.AddSingleton<GroupAccess>();
        services.AddSingleton<NextSteps>();
        services.AddSingleton<LanguageSet>();
        services.AddSingleton<RequestLanguage>();
        services.AddSingleton<PersonFactors>();
        services.AddSingleton<LoginLevels>();
        services.AddSingleton<TermsOfService>();
        services.AddSingleton<AccountCreator>();
        services.AddSingleton<MailedSignUp>();
        services.AddSingleton<EmailCodes>();
        services.AddSingleton<LoginCompletion>();
        services.AddSingleton<ConsentQuestions>();
        services.AddSingleton<AuthorizationIssuer>();
        services.AddSingleton<GrantMaker>();
        services.AddSingleton<FrontChannelTokens>();
        services.AddSingleton<LegacyUses>();
        services.AddSingleton<ConsentKeeper>();
        services.AddSingleton<SecurityEvents>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<SessionMaker>();
        services.AddSingleton<OwnAccount>();
        services.AddSingleton<AccountAudit>();
        services.AddSingleton<AccountDeletion>();
        services.AddSingleton<IExpiringTable>(provider => provider.GetRequiredService<AccountDeletion>());
        services.AddSingleton<UserSessions>();
        services.AddSingleton<SessionReader>();
        services.AddSingleton<SessionStarter>();
        services.AddSingleton<SessionToucher>();
        services.AddSingleton<LogoutTokenIssuer>();
        services.AddSingleton<LogoutCall>();
        services.AddSingleton<BackchannelLogout>();
        services.AddSingleton<SessionEnder>();
        services.AddSingleton<PasswordLogin>();
        services.AddSingleton<RelyingParty>();
        services.AddSingleton<PasskeyVerifier>();
        services.AddSingleton<PasskeyLogin>();
        services.AddSingleton<PasskeyKeeper>();
        services.AddSingleton<PasskeyAttempt>();
        services.AddSingleton<FactorChanges>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<Administrators>();
        services.AddSingleton<PasswordHashing>();
        services.AddSingleton(provider => new HashingTurns(Environment.ProcessorCount, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<Decoy>();
        services.AddSingleton<Guesses>();
        services.AddSingleton<LoginDevices>();
        services.AddSingleton<HashLimit>();
        services.AddSingleton<DeviceMemory>();
        services.AddSingleton<FactorMemory>();
        services.AddSingleton<FactorDevices>();
        services.AddSingleton<TotpCodes>();
        services.AddSingleton<SecondFactorCheck>();
        services.AddSingleton<OwnFactors>();
        services.AddSingleton(_ => new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = StoredHash.UsualIterations })));

        services.AddSingleton<DpopNonces>();
        services.AddSingleton<DpopProofs>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<AccessTokenIssuer>();
        services.AddSingleton<IdTokenIssuer>();
        services.AddSingleton<SubjectIdentifiers>();
        services.AddSingleton<AccessTokenReader>();
        services.AddSingleton<RefreshTokenRules>();
        services.AddSingleton<GrantBasis>();
    }
}
