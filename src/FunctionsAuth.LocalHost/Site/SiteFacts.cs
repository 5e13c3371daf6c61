namespace FunctionsAuth.LocalHost;

/// <summary>What the page at <c>/</c> says of this server.</summary>
/// <param name="Issuer">The issuer, as in the metadata.</param>
/// <param name="Storage">Where state lives and how long, in a few words.</param>
/// <param name="Accounts">The passwords and secrets of the samples; empty when the person imported other users and clients.</param>
/// <param name="DemoClientId">The public client that <c>/demo</c> is.</param>
/// <param name="ShowsMail">Whether there is the page <c>/mail</c>.</param>
/// <param name="IsPrivate">Only programs of this machine reach the server, and its storage is of this machine, too: then the page lists users, clients and events.</param>
public sealed record SiteFacts(Uri Issuer, string Storage, IReadOnlyList<SiteAccount> Accounts, string DemoClientId, bool ShowsMail = false, bool IsPrivate = false);

/// <param name="Kind">Such as <c>User</c> or <c>Confidential client</c>.</param>
/// <param name="Id">The username or client id.</param>
/// <param name="Secret">The password or client secret; empty for a public client.</param>
/// <param name="Note">What it is good for.</param>
public sealed record SiteAccount(string Kind, string Id, string Secret, string Note);
