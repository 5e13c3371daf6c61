using FunctionsAuth.Protocol.Composition;

namespace FunctionsAuth.Protocol.Tests.Architecture;

/// <summary>A feature lives in its own folder: what else names it is the one list of features, and for an endpoint its trigger.</summary>
public sealed class FeaturePlacesTests
{
    private static readonly string Source = Repository.PathOf("src");

    private static readonly (string File, string Text)[] Files =
    [
        .. from file in Directory.EnumerateFiles(Source, "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Source, file).Replace('\\', '/')
           where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
           select (path, File.ReadAllText(file)),
    ];

    public static TheoryData<Type> GrantTypes => [.. ServerFeatures.All.GrantTypes.Select(feature => feature.GetType())];

    public static TheoryData<Type> Endpoints => [.. ServerFeatures.All.Endpoints.Select(feature => feature.Endpoint)];

    [Theory]
    [MemberData(nameof(GrantTypes))]
    public void A_grant_type_is_named_in_the_list_of_features_alone(Type feature) =>
        Assert.Equal(["FunctionsAuth.Protocol/Composition/ServerFeatures.cs"], UsersOf(feature.Namespace!));

    [Theory]
    [MemberData(nameof(Endpoints))]
    public void An_endpoint_is_named_in_the_list_of_features_and_in_its_trigger_alone(Type endpoint)
    {
        var users = UsersOf(endpoint.Namespace!);
        Assert.Contains("FunctionsAuth.Protocol/Composition/ServerFeatures.cs", users);
        Assert.All(users.Where(file => !file.EndsWith("/ServerFeatures.cs", StringComparison.Ordinal)), file => Assert.StartsWith("FunctionsAuth/Functions/", file, StringComparison.Ordinal));
    }

    [Fact]
    public void The_composition_of_the_app_names_no_feature() =>
        Assert.DoesNotContain(Files, file => file.File == "FunctionsAuth/ServerServices.cs" && (file.Text.Contains("Protocol.Endpoints.", StringComparison.Ordinal) || file.Text.Contains("Protocol.GrantTypes", StringComparison.Ordinal)));

    private static List<string> UsersOf(string name) =>
    [
        .. from file in Files
           where file.Text.Contains($"using {name};", StringComparison.Ordinal)
           where !file.Text.Contains($"namespace {name}", StringComparison.Ordinal)
           select file.File,
    ];
}
