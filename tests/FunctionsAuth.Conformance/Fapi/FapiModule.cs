using System.Reflection;
using FunctionsAuth.Conformance.Checks;
using FunctionsAuth.Conformance.Client;

namespace FunctionsAuth.Conformance.Fapi;

/// <summary>What every module of a FAPI 2.0 plan has beside: the two clients of the plan.</summary>
public abstract class FapiModule : Modules.Module
{
    protected FapiPlanAttribute Variant => GetType().GetCustomAttribute<FapiPlanAttribute>()!;

    protected FapiParty First { get; private set; } = null!;

    protected FapiParty Second { get; private set; } = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        First = Party(FapiClients.Of(GetType()).First);
        Second = Party(FapiClients.Of(GetType()).Second);
    }

    /// <summary>The same client once more, as after a restart: without what it knows of keys and nonces.</summary>
    protected FapiParty Party(FapiClient client) => new(Provider, Variant, client, Inbox, Browser);

    /// <summary>X-TERR with one of these errors; <c>invalid_client</c> may come with 401.</summary>
    protected static void ShouldFail(Answer answer, params string[] errors)
    {
        Assert.True(answer.Status is 400 or 401, $"{answer.Status}: {answer.Body}");
        Checks.Tokens.TokenErrorCheck.Verify(answer, errors);
    }

    /// <summary>The person sees a page of the server, and nobody is sent to the client.</summary>
    protected void ShouldBePage(Page page)
    {
        PageCheck.IsOfServer(Provider, page);
        Assert.InRange(page.Answer.Status, 400, 499);
    }

    /// <summary>A page, or an error at the client.</summary>
    protected async Task ShouldBePageOrErrorAsync(FapiParty client, FapiRequest request, Page page, params string[] errors)
    {
        if (page.IsAtClient)
            Assert.Contains(await client.ErrorAsync(request, page), errors);
        else
            ShouldBePage(page);
    }
}
