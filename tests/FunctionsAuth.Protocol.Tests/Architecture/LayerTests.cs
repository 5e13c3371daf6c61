using FunctionsAuth.Protocol.Configuration;
using FunctionsAuth.Protocol.Tests.Architecture.Samples;

namespace FunctionsAuth.Protocol.Tests.Architecture;

public sealed class LayerTests
{
    private static readonly LayerRules Rules = new(Layers.Root, Layers.OfProtocol);

    [Fact]
    public void Code_knows_only_what_lies_below_it() =>
        Assert.Empty(Rules.ProblemsOf(CompiledReferences.In(typeof(ServerOptions).Assembly)));

    [Fact]
    public void Constants_come_from_below_too() => Assert.Empty(Rules.ProblemsOf(SourceReferences.In(Repository.PathOf("src", Layers.Root), Layers.Root)));

    [Fact]
    public void Every_namespace_has_its_place_in_the_list()
    {
        var namespaces = typeof(ServerOptions).Assembly.GetTypes().Select(type => type.Namespace).Where(name => name?.StartsWith(Layers.Root, StringComparison.Ordinal) == true);
        Assert.Equal(namespaces.Distinct().Order(), Rules.Namespaces.Order());
    }

    [Theory]
    [InlineData(nameof(KnowsByBase))]
    [InlineData(nameof(KnowsByInterface))]
    [InlineData(nameof(KnowsByField))]
    [InlineData(nameof(KnowsByParameter))]
    [InlineData(nameof(KnowsByConstraint<>))]
    [InlineData(nameof(KnowsByGenericArgument))]
    [InlineData(nameof(KnowsByAttribute))]
    [InlineData(nameof(KnowsByTypeInAttribute))]
    [InlineData(nameof(KnowsByCall))]
    [InlineData(nameof(KnowsByGenericCall))]
    [InlineData(nameof(KnowsByStaticField))]
    [InlineData(nameof(KnowsByCatch))]
    [InlineData(nameof(KnowsByCast))]
    [InlineData(nameof(KnowsByLambda))]
    [InlineData(nameof(KnowsByAwaiting))]
    public void A_reference_upwards_is_found_wherever_it_stands(string type)
    {
        var rules = new LayerRules(typeof(KnowsByBase).Namespace!, [new("below", ""), new("above", "Above")]);
        var references = CompiledReferences.In(typeof(LayerTests).Assembly);
        Assert.Contains(rules.ProblemsOf(references), problem => problem.Contains($"{type} ->", StringComparison.Ordinal) || problem.Contains($"{type}`1 ->", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reference_between_endpoints_is_found()
    {
        var rules = new LayerRules("P", [new("below", "Storage"), new("endpoints", "Token", "UserInfo") { KeepsApart = true }]);
        Reference downwards = new("P.Token", "P.Storage", "fine"), sideways = new("P.UserInfo", "P.Token", "UserInfoEndpoint -> TokenEndpoint");
        Assert.Equal("P.UserInfo must not know P.Token: UserInfoEndpoint -> TokenEndpoint", Assert.Single(rules.ProblemsOf([downwards, sideways])));
    }
}
