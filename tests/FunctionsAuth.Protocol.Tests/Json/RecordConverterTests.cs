using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FunctionsAuth.Protocol.Clients;
using FunctionsAuth.Protocol.Details;
using FunctionsAuth.Protocol.Groups;
using FunctionsAuth.Protocol.Json;
using FunctionsAuth.Protocol.Scopes;
using FunctionsAuth.Protocol.Webhooks;
using FunctionsAuth.Protocol.Wire;

namespace FunctionsAuth.Protocol.Tests.Json;

/// <summary>Rows of earlier releases were written by the serializer's own converter, so both must write and read the same.</summary>
public sealed class RecordConverterTests
{
    private static readonly JsonSerializerOptions Usual = Options();
    private static readonly JsonSerializerOptions Own = Options(new RecordConverter(withStored: true));
    private static readonly JsonSerializerOptions Written = Options(new RecordConverter(withStored: false));

    public static TheoryData<object> Records =>
    [
        new Client { ClientId = "bare" },
        new Client
        {
            ClientId = "full", ClientName = "Büro <App>", Disabled = true, TokenEndpointAuthMethod = AuthMethods.PrivateKeyJwt, Jwks = new JsonObject { ["keys"] = new JsonArray() },
            ClientSecrets = [new ClientSecret("hash"), new ClientSecret("other", DateTimeOffset.UnixEpoch, "text")], RedirectUris = ["https://app.example/ü"], Scope = "openid profile",
            ScopeMaps = new Dictionary<string, IReadOnlyList<string>> { ["staff"] = ["read"] },
            ClaimMaps = new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> { ["role"] = new Dictionary<string, IReadOnlyList<string>> { ["staff"] = ["admin"] } },
            RequirePkce = false, RequestUris = [new Uri("https://app.example/r?a=1#b")], ClientUri = new Uri("https://APP.example"), ShowInPortal = false, DefaultMaxAge = 300,
            Localized = new Dictionary<string, string> { ["client_name#de"] = "Büro" },
        },
        new Scope { Name = "read", DisplayName = "Read", Claims = ["a", "b"], Required = true },
        new Resource { Identifier = "https://api.example", Scopes = ["read"], AccessTokenLifetime = 60 },
        new AuthorizationDetailsType { Type = "payment", Title = "Payment", Schema = new JsonObject { ["type"] = "object" }, Lines = [new DetailLine { Text = "Up to {amount}" }], AlwaysAsk = true },
        new Group { Name = "staff", Description = "Staff" },
        new Webhook { Id = "w", Url = new Uri("https://hook.example"), EventTypes = ["user.created"], Secrets = [] },
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void A_record_is_written_and_read_as_by_the_serializers_own_converter(object record)
    {
        var expected = JsonSerializer.Serialize(record, record.GetType(), Usual);
        Assert.Equal(expected, JsonSerializer.Serialize(record, record.GetType(), Own));
        var read = JsonSerializer.Deserialize(expected, record.GetType(), Own);
        Assert.Equal(expected, JsonSerializer.Serialize(read, record.GetType(), Usual));
    }

    [Fact]
    public void A_member_that_is_missing_keeps_its_initial_value()
    {
        var client = JsonSerializer.Deserialize<Client>("""{"client_id":"old"}""", Own)!;
        Assert.True(client.RequirePkce);
        Assert.Equal([GrantTypeNames.AuthorizationCode], client.GrantTypes);
        Assert.Equal("openid", client.Scope);
        Assert.Empty(client.RedirectUris);
    }

    [Theory]
    [InlineData("""{"client_name":"without an id"}""", "client_id")]
    [InlineData("[]", "object")]
    [InlineData("""{"client_id":"a","disabled":null}""", "")]
    [InlineData("""{"client_id":"a","default_max_age":"soon"}""", "")]
    public void A_text_that_is_no_record_is_refused(string text, string says) =>
        Assert.Contains(says, Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Client>(text, Own)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_secrets_of_a_client_are_only_in_its_row()
    {
        var client = new Client { ClientId = "a", ClientSecrets = [new ClientSecret("hash-of-a-secret")] };
        Assert.DoesNotContain("hash-of-a-secret", JsonSerializer.Serialize(client, Written), StringComparison.Ordinal);
        Assert.Empty(JsonSerializer.Deserialize<Client>(JsonSerializer.Serialize(client, Own), Written)!.ClientSecrets);
    }

    [Fact]
    public void A_member_that_this_release_does_not_know_is_skipped() =>
        Assert.Equal("a", JsonSerializer.Deserialize<Client>("""{"of_a_later_release":{"deep":[1,{"client_id":"b"}]},"client_id":"a"}""", Own)!.ClientId);

    private static JsonSerializerOptions Options(params JsonConverter[] converters)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        foreach (var converter in converters)
            options.Converters.Add(converter);
        return options;
    }
}
