using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FunctionsAuth.Conformance.Client;
using FunctionsAuth.Conformance.Party;
using FunctionsAuth.Conformance.Running;

namespace FunctionsAuth.Conformance.Modules;

/// <summary>What every module begins and ends with: a running server, its metadata and keys, the browser of its person, an empty inbox.</summary>
public abstract class Module : IAsyncLifetime
{
    /// <summary>One of each plan: its modules run one after the other.</summary>
    private static readonly ConcurrentDictionary<Type, Browser> Browsers = new();

    protected PlanAttribute Plan => PlanAttribute.Of(GetType());

    protected ServerProcess Server { get; private set; } = null!;

    protected Provider Provider { get; private set; } = null!;

    protected Browser Browser { get; private set; } = null!;

    protected Inbox Inbox { get; private set; } = null!;

    protected Registrar Registrar { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Server = await StartServerAsync();
        Provider = await Provider.LoadAsync(Server);
        var site = await ClientSite.InstanceAsync();
        var alias = Inbox.AliasOf(GetType());
        Inbox = site.Open(alias);
        Browser = Browsers.GetOrAdd(GetType(), _ => new Browser(new Uri(Server.Issuer), site, alias));
        Browser.Begin();
        Registrar = new Registrar(Provider, Plan, Inbox);
        // The suite begins no module whose method of authentication the metadata does not list.
        Assert.Contains(Plan.AuthMethod, Provider.List("token_endpoint_auth_methods_supported"));
    }

    public async Task DisposeAsync()
    {
        await Registrar.DeleteAllAsync();
        Inbox.ShouldHaveNothingElse();
    }

    protected virtual Task<ServerProcess> StartServerAsync() => ServerProcess.OfAsync(Plan.Server);

    /// <summary>The client of the plan: the one that is there, or one that is registered now.</summary>
    protected Task<RelyingParty> ClientAsync() => Plan.DynamicClient ? RegisterAsync([]) : Task.FromResult(Party(Static.First));

    /// <summary>A client with these members in its registration.</summary>
    protected async Task<RelyingParty> RegisterAsync(JsonObject metadata) => Party(await Registrar.RegisterAsync(metadata));

    /// <summary>Another client of the import file, which is like the first.</summary>
    protected RelyingParty SecondClient => Party(Static.Second);

    /// <summary>The one of the import file that sends its secret in the body.</summary>
    protected RelyingParty PostClient => Party(Static.Post);

    /// <summary>The module about unsigned ID tokens, which this server has not.</summary>
    protected void ShouldNotListUnsignedIdTokens()
    {
        Assert.DoesNotContain("none", Provider.List("id_token_signing_alg_values_supported"));
        throw new SkippedException("id_token_signing_alg_values_supported does not list none");
    }

    protected RelyingParty Party(SuiteClient client) => new(Provider, Plan, client, Inbox, Browser);

    private StaticClients Static => new(GetType());
}
