using FunctionsAuth.Azure.KeyVault;
using FunctionsAuth.Azure.Tables;
using FunctionsAuth.Protocol.Audit;
using FunctionsAuth.Protocol.AuthorizationRequests;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Consents;
using FunctionsAuth.Protocol.Credentials;
using FunctionsAuth.Protocol.Deletion;
using FunctionsAuth.Protocol.Grants;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Indexes;
using FunctionsAuth.Protocol.Keys;
using FunctionsAuth.Protocol.Outbox;
using FunctionsAuth.Protocol.Registry;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Sessions;
using FunctionsAuth.Protocol.Statistics;
using FunctionsAuth.Protocol.Storage;
using FunctionsAuth.Protocol.Tickets;
using FunctionsAuth.Protocol.Tokens;
using FunctionsAuth.Protocol.Users;
using FunctionsAuth.Protocol.Webhooks;

namespace FunctionsAuth.Azure.Stores;

/// <summary>
/// All stores of the server and their tables. A new table is added to this list only. Tables are copied in this order, so the names of users are copied
/// before the users. If a user signs up during a copy, the copy may have the user without a name, which is harmless. In the other order, it could have a name
/// without a user, and nobody could ever take that name.
/// </summary>
public static class ServerStores
{
    public static IReadOnlyList<StoreFeature> All { get; } =
    [
        StoreFeature.Of<IScopeStore, ScopeStore>(ScopeStore.Scopes),
        StoreFeature.Of<IGroupStore, GroupStore>(GroupStore.Groups),
        StoreFeature.Of<IClientStore, ClientStore>(ClientStore.Clients, ClientStore.Portal),
        StoreFeature.Of<IClientEndStore, ClientEndStore>(ClientEndStore.ClientEnds),
        StoreFeature.Of<IInitialAccessStore, InitialAccessStore>(InitialAccessStore.RegistrationTokens, InitialAccessStore.TokenList),
        StoreFeature.Of<IConsentStore, ConsentStore>(ConsentStore.Consents),
        StoreFeature.Of<IUserStore, UserStore>(UserStore.UserLogins, UserStore.Users, UserStore.Decoys),
        StoreFeature.Of<IUserDirectory, UserDirectory>(UserDirectory.UserNames),
        StoreFeature.Of<IGroupMembers, GroupMembers>(GroupMembers.Members),
        StoreFeature.Of<IClientUsers, ClientUsers>(ClientUsers.Users),
        StoreFeature.Of<IAdministratorStore, AdministratorStore>(AdministratorStore.Administrators),
        StoreFeature.Of<IIndexStore, IndexStore>(IndexStore.Indexes),
        StoreFeature.Of<ICredentialStore, CredentialStore>(CredentialStore.Credentials),
        StoreFeature.Of<IPasskeyStore, PasskeyStore>(PasskeyStore.CredentialIds),
        StoreFeature.Of<ISecretSeal, SecretSeal>(SecretSeal.DataKeys),
        StoreFeature.Of<ISecretStore, SecretStore>(SecretStore.Secrets),
        StoreFeature.Of<IGrantStore, GrantStore>(GrantStore.Grants),
        StoreFeature.Of<ISessionStore, SessionStore>(SessionStore.Sessions, SessionStore.UserSessions),
        StoreFeature.Of<IRequestStore, RequestStore>(RequestStore.Requests),
        StoreFeature.Of<IPushedRequestStore, PushedRequestStore>(),
        StoreFeature.Of<IReplayStore, ReplayStore>(ReplayStore.Replays),
        StoreFeature.Of<IReferenceTokenStore, ReferenceTokenStore>(ReferenceTokenStore.AccessTokens),
        StoreFeature.Of<IAuditStore, AuditStore>(AuditStore.Events, AuditStore.EventsOfPeople),
        StoreFeature.Of<IOutboxStore, OutboxStore>(OutboxStore.Outbox),
        StoreFeature.Of<IWebhookStore, WebhookStore>(WebhookStore.Webhooks),
        StoreFeature.Of<IWebhookDeliveryStore, WebhookDeliveryStore>(WebhookDeliveryStore.WebhookDeliveries),
        StoreFeature.Of<IStatisticsStore, StatisticsStore>(StatisticsStore.Statistics),
        StoreFeature.Of<ITicketStore, TicketStore>(TicketStore.Tickets),
        StoreFeature.Of<IIdempotencyStore, IdempotencyStore>(IdempotencyStore.IdempotencyKeys),
        StoreFeature.Of<ISentMailStore, SentMailStore>(SentMailStore.SentMails),
        StoreFeature.Of<IDeletionStore, DeletionStore>(DeletionStore.Deletions),
        StoreFeature.Of<IKeyCopyStore, KeyCopyStore>(KeyCopyStore.PublicKeys),
        StoreFeature.Of(WrappedKeyStore.SigningKeys),
    ];

    public static IEnumerable<TableDescription> Tables => All.SelectMany(store => store.Tables);
}
