using System.Security.Claims;
using OrdersApi;

var builder = WebApplication.CreateBuilder(args);
var protection = builder.Configuration.Get<ProtectionOptions>()!;
builder.Services.AddTokenProtection(protection);

// Browsers send the tokens of a single-page app only to an API that names the origin of that app.
builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
    .WithOrigins(builder.Configuration.GetSection("AllowedOrigins").Get<string[]>() ?? [])
    .AllowAnyMethod().AllowAnyHeader().WithExposedHeaders("WWW-Authenticate")));

var app = builder.Build();
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();

app.MapGet(ProtectionOptions.MetadataPath, () => protection.Metadata);

// <endpoints>
app.MapGet("/orders", (ClaimsPrincipal user) => Orders.Of(user)).RequireAuthorization("orders.read");
app.MapPost("/orders", (ClaimsPrincipal user, NewOrder order) => Orders.Add(user, order)).RequireAuthorization("orders.write");
app.MapGet("/orders/all", () => Orders.All).RequireAuthorization("orders.read", "staff");
app.MapPost("/payments", () => "paid").RequireAuthorization("orders.write", "second-factor");
// </endpoints>

app.Run();
